"""Exact results of queueing theory: what the engine must come out at when the model is simple enough to be solved.

No simulation and no chance in here. Each module solves one model by one method and says which; tests hold it against a
second method that shares no code, and in a limit against `erlang.py`. All times are seconds, all rates per second.

`erlang.py` one queue, `required.py` its inverse (the smallest team), `time_varying.py` rates and teams that change,
`n_model.py` two skills, `retrial.py` redial, `chat.py` several chats at once, `priority.py` who goes first,
`pollaczek_khinchine.py` any talk times with one agent, `kiefer_wolfowitz.py` any draws whatever, call by call.
`chain.py` solves the Markov chains of four of them.
"""
