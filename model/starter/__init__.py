"""The starter shop: utterances, intents, articles and approved answers, so that the first minute works."""
