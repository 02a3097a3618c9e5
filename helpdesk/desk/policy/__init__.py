"""Read, check, preview, apply and show the policy of a desk."""
