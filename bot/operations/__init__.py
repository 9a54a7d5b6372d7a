"""What the operator console, the managers' counter and the Home tab show and do, over the stored rows."""
