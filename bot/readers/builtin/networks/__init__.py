"""The small convolutional networks that read beside the linear models."""
