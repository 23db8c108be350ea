"""The vision teachers' frozen backbone, and its features of video frames, computed once."""
