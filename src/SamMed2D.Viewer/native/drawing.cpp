#include "sammed2d_gui.h"
#include "status.h"

#include <imgui.h>

using sammed2d::draw;

namespace
{
// Everything is drawn into the current window, or over everything where that was asked for.
bool s_is_over_everything = false;

ImDrawList& list()
{
    return s_is_over_everything ? *ImGui::GetForegroundDrawList() : *ImGui::GetWindowDrawList();
}
} // namespace

SAMMED2D_GUI_EXPORT void sammed2d_gui_draw_over(int32_t is_over_everything) { s_is_over_everything = is_over_everything != 0; }
SAMMED2D_GUI_EXPORT void sammed2d_gui_push_clip(float x0, float y0, float x1, float y1)
{
    draw([&] { list().PushClipRect(ImVec2(x0, y0), ImVec2(x1, y1), true); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_pop_clip(void) { draw([] { list().PopClipRect(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_line(float x0, float y0, float x1, float y1, uint32_t color, float width)
{
    draw([&] { list().AddLine(ImVec2(x0, y0), ImVec2(x1, y1), color, width); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_box(float x0, float y0, float x1, float y1, uint32_t color, float rounding, float width)
{
    draw([&] { list().AddRect(ImVec2(x0, y0), ImVec2(x1, y1), color, rounding, 0, width); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_fill(float x0, float y0, float x1, float y1, uint32_t color, float rounding)
{
    draw([&] { list().AddRectFilled(ImVec2(x0, y0), ImVec2(x1, y1), color, rounding); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_circle(float x, float y, float radius, uint32_t color, float width)
{
    draw([&] { list().AddCircle(ImVec2(x, y), radius, color, 0, width); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_disc(float x, float y, float radius, uint32_t color)
{
    draw([&] { list().AddCircleFilled(ImVec2(x, y), radius, color); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_triangle(float x0, float y0, float x1, float y1, float x2, float y2, uint32_t color)
{
    draw([&] { list().AddTriangleFilled(ImVec2(x0, y0), ImVec2(x1, y1), ImVec2(x2, y2), color); });
}
/* points: x and y of each */
SAMMED2D_GUI_EXPORT void sammed2d_gui_polyline(const float* points, int32_t count, uint32_t color, int32_t is_closed, float width)
{
    static_assert(sizeof(ImVec2) == 2 * sizeof(float));
    draw([&] { list().AddPolyline(reinterpret_cast<const ImVec2*>(points), count, color, is_closed != 0 ? ImDrawFlags_Closed : 0, width); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_draw_text(float x, float y, uint32_t color, const char* text)
{
    draw([&] { list().AddText(ImVec2(x, y), color, text); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_draw_image(uint32_t texture, float x0, float y0, float x1, float y1)
{
    // Pictures are opaque: where the processor draws, mixing them with what lies beneath would cost as much as sampling them.
    draw([&] {
        list().AddCallback([](const ImDrawList*, const ImDrawCmd*) { sammed2d::set_blending(false); }, nullptr);
        list().AddImage(reinterpret_cast<ImTextureID>(static_cast<intptr_t>(texture)), ImVec2(x0, y0), ImVec2(x1, y1));
        list().AddCallback([](const ImDrawList*, const ImDrawCmd*) { sammed2d::set_blending(true); }, nullptr);
    });
}
/* A picture between four corners, its colours multiplied by one. */
SAMMED2D_GUI_EXPORT void sammed2d_gui_draw_quad(uint32_t texture, const float* corners, uint32_t color)
{
    draw([&] {
        list().AddImageQuad(reinterpret_cast<ImTextureID>(static_cast<intptr_t>(texture)), ImVec2(corners[0], corners[1]), ImVec2(corners[2], corners[3]),
                            ImVec2(corners[4], corners[5]), ImVec2(corners[6], corners[7]), ImVec2(0, 0), ImVec2(1, 0), ImVec2(1, 1), ImVec2(0, 1), color);
    });
}
