"""How far a proof goes: in every run far enough to notice a fault, with `--full` all the way."""

is_full = False  # said on the command line, before any test is read


def size(in_short, whole):
    return whole if is_full else in_short
