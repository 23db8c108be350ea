"""What networks are given: crops of a data set's sequences, and what a network says of them."""
