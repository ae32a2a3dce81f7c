"""The voice: a persona, its tools, and the conversation in which every claim is tried before it is shown."""
