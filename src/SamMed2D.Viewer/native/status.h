/* What every part of the library says failures with. */
#ifndef SAMMED2D_GUI_STATUS_H
#define SAMMED2D_GUI_STATUS_H

#include "sammed2d_gui.h"

#include <exception>
#include <new>

namespace sammed2d
{
/* Writes a message into a caller's buffer. */
void say(char* message, int32_t message_bytes, const char* text);

/* Keeps a failure of a widget or an event until the frame's end. */
void remember(const char* text) noexcept;

/* Whether what is drawn now is mixed with what lies beneath it, or replaces it; for callbacks of draw lists. */
void set_blending(bool is_on) noexcept;

/* Runs work that may throw anything and turns it into a status and a message. */
template <typename Work> int32_t guarded(char* message, int32_t message_bytes, Work work) noexcept
{
    try
    {
        return work();
    }
    catch (const std::bad_alloc&)
    {
        say(message, message_bytes, "out of memory");
        return SAMMED2D_GUI_NO_MEMORY;
    }
    catch (const std::exception& failure)
    {
        say(message, message_bytes, failure.what());
        return SAMMED2D_GUI_FAILED;
    }
    catch (...)
    {
        say(message, message_bytes, "unknown error");
        return SAMMED2D_GUI_FAILED;
    }
}

/* Runs a widget; a failure is remembered and gives the fallback. */
template <typename Result, typename Work> Result widget(Result fallback, Work work) noexcept
{
    try
    {
        return work();
    }
    catch (...)
    {
        remember("a widget failed");
        return fallback;
    }
}

template <typename Work> void draw(Work work) noexcept
{
    widget(0, [&] {
        work();
        return 0;
    });
}
} // namespace sammed2d

#endif
