"""Words that state nothing by themselves: courtesy, and what is so general that any reply may use it. English."""

from model.words import stem_set, word_set

COURTESY = word_set(
    """sorry apologise apologies apologize regret hear hearing thanks thank you for your message reaching out writing
    patience happy glad help hello hi hey dear welcome good day morning afternoon please do not worry inconvenience
    trouble delay disappointment frustrating frustration understand know sad bad news worrying annoying of course
    certainly sure gladly best wishes kind regards question great unfortunately pity lovely wait"""
)
HEADS = word_set(
    "sorry apologise apologies apologize regret thanks thank happy glad hello hi hey dear welcome worry course morning "
    "afternoon lovely"
)
COMMON = stem_set(
    """need want go open find check see know happen possible able give place thing way look here right still
    however simply instead yourself case question answer order item parcel way apply available already new old next
    first work back soon directly also both either use follow step keep ask tell say sure contact"""
)
"""Words so general that they add nothing by themselves."""
