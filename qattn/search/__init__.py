"""From an oracle to all its marked indices, with a proven miss bound (Theorem 3.1).

    protocols    what the search sees: jobs, machines, options
    grover       the circuit of m iterations over any n
    statistics   its ideal measurements without a circuit
    rotation     the angle of an iterate
    posterior    what is known of how much is left
    covering     cheap sets of runs that leave nothing unseen
    local_search how they are found, compiled
    weighing     which run of a plan next
    plan         which of them certify that nothing is left
    certificate  when a threshold search may stop, and why
    falling      the same for the k best, where the threshold moves
    schedule     which run next
    known        the same where the number of marked indices is promised
    row, block   one row's search, or a block's: checks, exclusions, accounts
    rounds       all rows in lock-step rounds
    parallel     rows shared among workers
    checkpoint   a search as a file, to be taken up again

Nothing here knows how an oracle computes or which sampler measures; only `grover` knows circuits.
"""
