"""The service from outside: requests in, answers out, on a desk of fakes."""
