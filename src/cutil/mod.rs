//! Containers whose memory belongs to the C program: raw places, plain pointers.
