#pragma once
/*
 * Signals as bytes in a pipe: a handler may do little more than write(2), and a pipe can be waited for.
 */
#ifndef ORKET_SIGNALS_H
#define ORKET_SIGNALS_H

/* Makes the pipe that caught signals are written to; its reading end or -errno. One per process. */
int orket_signals_open(void);
/* From here on `number` arrives as one byte. 0: caught; 1: it was ignored at start (nohup, a shell's background job) and
 * stays so; else -errno. */
int orket_signal_catch(int number);
/* Gives a caught signal its default action back. */
int orket_signal_release(int number);
int orket_signal_ignore(int number);

/* As a terminal does: to the whole process group of the process behind `pidfd` (Linux 6.9), or where the kernel cannot, to
 * that process alone. 0 or -errno. */
int orket_signal_group(int pidfd, int number);

#endif
