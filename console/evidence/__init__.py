"""Pictures that leave the console: clips and stills as recorded, masked copies, signed, checked offline."""
