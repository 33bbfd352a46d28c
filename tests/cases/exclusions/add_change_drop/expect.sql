SELECT id, during FROM bookings ORDER BY id;
