"""Pictures for partners at a desk: requests that wait, shares in force, who looks, the ledger."""
