SELECT seen FROM events;
