"""The schema's history: one file per revision in `versions/`, run by `integration.adapters.store.upgrade`."""
