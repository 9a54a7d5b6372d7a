"""Who gets which copy, where and when, and what of it a manager sees before he confirms."""
