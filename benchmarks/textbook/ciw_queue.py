"""The same queue in Ciw, the way its documentation models customers who renege."""

import ciw


def abandoned_share(agents: int, rate: float, talk_s: float, patience_s: float, calls: int, seed: int) -> float:
    """The share of so many calls (about) that gave up. `rate`: calls a second; talk and patience are means."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=rate)],
        service_distributions=[ciw.dists.Exponential(rate=1 / talk_s)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / patience_s)],
        number_of_servers=[agents],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(calls / rate)
    records = simulation.get_all_records(only=["service", "renege"])
    reneged = sum(record.record_type == "renege" for record in records)
    return float(reneged / len(records))
