"""Who reported something: contact data, apart from the record."""
