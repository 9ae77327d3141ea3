"""Texts of a small study on parity, and of the space that it names."""

SPACE = "space: mine\nwiring: lstm\nholes:\n  cell_input: [tanh, relu]\n  squash: [tanh, identity]\n"
TASK = "task: {name: parity, train_length: 3, test_length: 6}"
STUDY = f"""study: small
space: mine
{TASK}
model: {{hidden_size: 4}}
training: {{learning_rate: 0.02, sequences: 320}}
baselines: [rnn]
search: {{trials: 2}}
"""
PLAIN = STUDY.replace("mine", "lstm_to_gru")
"""The same on a shipped space."""
