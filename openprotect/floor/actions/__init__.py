"""What a supervisor does on the floor: dealing calls out, planning shifts, coaching, paper."""
