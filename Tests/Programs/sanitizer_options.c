/* Linked into a sanitized jail, which is started without an environment. Its processes end by _exit or are killed: what
 * they still hold is no leak. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "detect_leaks=0:abort_on_error=1";
}
