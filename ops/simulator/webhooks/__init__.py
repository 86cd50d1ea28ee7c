"""What Meta posts to the business."""
