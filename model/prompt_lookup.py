"""Guesses a reply's next tokens from what its prompt says, for the model to check many in one step. No torch.

A grounded reply repeats its sources: after the same few tokens, the same ones often follow. A model that is shown a
guess tells of each token what it would have written, so that the reply stays what it writes alone, but for where two
tokens are equally likely within what 8 bits round (speculative decoding, Leviathan et al. 2023; the guess is read from
the prompt: LLMA, Yang et al. 2023, and Saxena's prompt lookup decoding, 2023).
"""

from collections.abc import Sequence

AHEAD = (1, 2, 8, 8)
"""Tokens to guess where so many at the end of the text, from one on, stood before: a token that is wrong costs a fifth
of a step, and the more of them match, the seldomer it is (docs/experiments.md)."""


def guess(text: Sequence[int], most: int) -> list[int]:
    """What followed where the text said before what it says last; at most `most` tokens, or none.

    The place where the most tokens before are alike decides, and of such places the earliest.
    """
    place, alike = -1, 0
    last = text[-1]
    for at in range(len(text) - 1):
        if text[at] != last:
            continue
        same = 1
        while same < len(AHEAD) and same <= at and text[at - same] == text[-1 - same]:
            same += 1
        if same > alike:
            place, alike = at, same
            if same == len(AHEAD):
                break
    return list(text[place + 1 : place + 1 + min(most, AHEAD[alike - 1])]) if alike else []
