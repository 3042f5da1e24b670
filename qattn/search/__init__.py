"""From an oracle to all its marked indices, with a proven miss bound (Theorem 3.1).

    job          what the search sees: oracles, jobs, machines
    grover       the circuit of m iterations over any n
    statistics   its ideal measurements without a circuit
    plan         which runs certify that nothing is left
    belief       what is known of how much is left
    schedule     which run next
    known        the same where the number of marked indices is promised
    row          one row's search: checks, exclusions, accounts
    find         all rows in lock-step rounds

Nothing here knows how an oracle computes or which sampler measures; only `grover` knows circuits.
"""
