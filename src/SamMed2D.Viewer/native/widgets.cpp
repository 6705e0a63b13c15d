#include "sammed2d_gui.h"
#include "status.h"

#include <imgui.h>

using sammed2d::draw;
using sammed2d::widget;

namespace
{
// Runs a widget that answers yes or no.
template <typename Work> int32_t ask(Work work) noexcept
{
    return widget(0, [&] { return work() ? 1 : 0; });
}

bool* as_bool(int32_t* value, bool& copy)
{
    if (value == nullptr) return nullptr;
    copy = *value != 0;
    return &copy;
}

// Dear ImGui has bool where the interface has int32_t.
template <typename Work> int32_t with_bool(int32_t* value, Work work) noexcept
{
    return ask([&] {
        bool copy = false;
        bool* pointer = as_bool(value, copy);
        const bool answer = work(pointer);
        if (value != nullptr) *value = copy ? 1 : 0;
        return answer;
    });
}
} // namespace

/* Windows */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin(const char* name, int32_t* is_open, int32_t flags)
{
    return with_bool(is_open, [&](bool* open) { return ImGui::Begin(name, open, flags); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_end(void) { draw([] { ImGui::End(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_child(const char* id, float width, float height, int32_t has_border, int32_t flags)
{
    return ask([&] { return ImGui::BeginChild(id, ImVec2(width, height), has_border != 0, flags); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_child(void) { draw([] { ImGui::EndChild(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_next_window(float x, float y, float width, float height, int32_t condition, float pivot_x, float pivot_y)
{
    draw([&] {
        ImGui::SetNextWindowPos(ImVec2(x, y), condition, ImVec2(pivot_x, pivot_y));
        if (width > 0 || height > 0) ImGui::SetNextWindowSize(ImVec2(width, height), condition);
    });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_next_window_limits(float min_width, float min_height, float max_width, float max_height)
{
    draw([&] { ImGui::SetNextWindowSizeConstraints(ImVec2(min_width, min_height), ImVec2(max_width, max_height)); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_window_hovered(int32_t flags) { return ask([&] { return ImGui::IsWindowHovered(flags); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_window_height(float* height) { draw([&] { *height = ImGui::GetWindowHeight(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_window_appearing(void) { return ask([] { return ImGui::IsWindowAppearing(); }); }

/* Layout */
SAMMED2D_GUI_EXPORT void sammed2d_gui_same_line(float offset, float spacing) { draw([&] { ImGui::SameLine(offset, spacing); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_separator(void) { draw([] { ImGui::Separator(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_spacing(void) { draw([] { ImGui::Spacing(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_dummy(float width, float height) { draw([&] { ImGui::Dummy(ImVec2(width, height)); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_indent(float width) { draw([&] { width < 0 ? ImGui::Unindent(-width) : ImGui::Indent(width); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_begin_group(void) { draw([] { ImGui::BeginGroup(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_group(void) { draw([] { ImGui::EndGroup(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_align_text(void) { draw([] { ImGui::AlignTextToFramePadding(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_next_width(float width) { draw([&] { ImGui::SetNextItemWidth(width); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_get_cursor(float* at)
{
    draw([&] {
        const ImVec2 p = ImGui::GetCursorScreenPos();
        at[0] = p.x, at[1] = p.y;
    });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_set_cursor_position(float x, float y) { draw([&] { ImGui::SetCursorScreenPos(ImVec2(x, y)); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_available(float* size)
{
    draw([&] {
        const ImVec2 s = ImGui::GetContentRegionAvail();
        size[0] = s.x, size[1] = s.y;
    });
}
SAMMED2D_GUI_EXPORT float sammed2d_gui_frame_height(void) { return widget(0.f, [] { return ImGui::GetFrameHeight(); }); }
SAMMED2D_GUI_EXPORT float sammed2d_gui_line_height(void) { return widget(0.f, [] { return ImGui::GetTextLineHeight(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_scroll_here(void) { draw([] { ImGui::SetScrollHereY(0.5f); }); }

/* Style */
SAMMED2D_GUI_EXPORT void sammed2d_gui_push_color(int32_t index, uint32_t color) { draw([&] { ImGui::PushStyleColor(index, color); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_pop_color(int32_t count) { draw([&] { ImGui::PopStyleColor(count); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_push_number(int32_t index, float value) { draw([&] { ImGui::PushStyleVar(index, value); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_push_pair(int32_t index, float x, float y) { draw([&] { ImGui::PushStyleVar(index, ImVec2(x, y)); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_pop_style(int32_t count) { draw([&] { ImGui::PopStyleVar(count); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_pop_font(void) { draw([] { ImGui::PopFont(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_begin_disabled(int32_t is_disabled) { draw([&] { ImGui::BeginDisabled(is_disabled != 0); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_disabled(void) { draw([] { ImGui::EndDisabled(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_push_id(const char* id) { draw([&] { ImGui::PushID(id); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_push_number_id(int32_t id) { draw([&] { ImGui::PushID(id); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_pop_id(void) { draw([] { ImGui::PopID(); }); }

/* Widgets */
SAMMED2D_GUI_EXPORT void sammed2d_gui_text(const char* text) { draw([&] { ImGui::TextUnformatted(text); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_wrapped(const char* text)
{
    draw([&] {
        ImGui::PushTextWrapPos(0);
        ImGui::TextUnformatted(text);
        ImGui::PopTextWrapPos();
    });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_text_size(const char* text, float wrap, float* size)
{
    draw([&] {
        const ImVec2 s = ImGui::CalcTextSize(text, nullptr, true, wrap);
        size[0] = s.x, size[1] = s.y;
    });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_button(const char* label, float width, float height) { return ask([&] { return ImGui::Button(label, ImVec2(width, height)); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_area(const char* id, float width, float height)
{
    return ask([&] {
        return ImGui::InvisibleButton(id, ImVec2(width, height), ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
    });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_checkbox(const char* label, int32_t* value)
{
    return with_bool(value, [&](bool* checked) { return ImGui::Checkbox(label, checked); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_radio(const char* label, int32_t is_chosen) { return ask([&] { return ImGui::RadioButton(label, is_chosen != 0); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_selectable(const char* label, int32_t is_chosen, int32_t flags, float width, float height)
{
    return ask([&] { return ImGui::Selectable(label, is_chosen != 0, flags, ImVec2(width, height)); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_slider(const char* label, float* value, float low, float high, const char* format, int32_t flags)
{
    return ask([&] { return ImGui::SliderFloat(label, value, low, high, format, flags); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_slider_whole(const char* label, int32_t* value, int32_t low, int32_t high, const char* format)
{
    return ask([&] { return ImGui::SliderInt(label, value, low, high, format, ImGuiSliderFlags_AlwaysClamp); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_drag(const char* label, float* value, float speed, float low, float high, const char* format)
{
    return ask([&] { return ImGui::DragFloat(label, value, speed, low, high, format, ImGuiSliderFlags_AlwaysClamp); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_input_text(const char* label, const char* hint, char* buffer, int32_t bytes, int32_t flags)
{
    return ask([&] { return ImGui::InputTextWithHint(label, hint, buffer, static_cast<size_t>(bytes), flags); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_color_button(const char* id, uint32_t color, float width, float height)
{
    return ask([&] {
        return ImGui::ColorButton(id, ImGui::ColorConvertU32ToFloat4(color), ImGuiColorEditFlags_NoTooltip | ImGuiColorEditFlags_NoDragDrop | ImGuiColorEditFlags_NoBorder,
                                  ImVec2(width, height));
    });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_color_picker(const char* id, float* rgb)
{
    return ask([&] { return ImGui::ColorPicker3(id, rgb, ImGuiColorEditFlags_NoSidePreview | ImGuiColorEditFlags_NoOptions | ImGuiColorEditFlags_DisplayHex); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_progress(float share, float width, float height, const char* text)
{
    draw([&] { ImGui::ProgressBar(share, ImVec2(width, height), text); });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_combo(const char* label, const char* shown, int32_t flags) { return ask([&] { return ImGui::BeginCombo(label, shown, flags); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_combo(void) { draw([] { ImGui::EndCombo(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_header(const char* label, int32_t flags) { return ask([&] { return ImGui::CollapsingHeader(label, flags); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_image(uint32_t texture, float width, float height)
{
    draw([&] { ImGui::Image(reinterpret_cast<ImTextureID>(static_cast<intptr_t>(texture)), ImVec2(width, height)); });
}

/* Menus, popups, tooltips */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_main_menu(void) { return ask([] { return ImGui::BeginMainMenuBar(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_main_menu(void) { draw([] { ImGui::EndMainMenuBar(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_menu(const char* label, int32_t is_enabled) { return ask([&] { return ImGui::BeginMenu(label, is_enabled != 0); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_menu(void) { draw([] { ImGui::EndMenu(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_menu_item(const char* label, const char* shortcut, int32_t is_checked, int32_t is_enabled)
{
    return ask([&] { return ImGui::MenuItem(label, shortcut, is_checked != 0, is_enabled != 0); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_open_popup(const char* id) { draw([&] { ImGui::OpenPopup(id); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_popup(const char* id, int32_t flags) { return ask([&] { return ImGui::BeginPopup(id, flags); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_modal(const char* title, int32_t* is_open, int32_t flags)
{
    return with_bool(is_open, [&](bool* open) { return ImGui::BeginPopupModal(title, open, flags); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_popup(void) { draw([] { ImGui::EndPopup(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_close_popup(void) { draw([] { ImGui::CloseCurrentPopup(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_popup_open(const char* id) { return ask([&] { return ImGui::IsPopupOpen(id, id == nullptr ? ImGuiPopupFlags_AnyPopup : 0); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_begin_tooltip(void) { draw([] { ImGui::BeginTooltip(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_tooltip(void) { draw([] { ImGui::EndTooltip(); }); }

/* Tables */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_begin_table(const char* id, int32_t columns, int32_t flags, float width, float height)
{
    return ask([&] { return ImGui::BeginTable(id, columns, flags, ImVec2(width, height)); });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_end_table(void) { draw([] { ImGui::EndTable(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_column(const char* label, int32_t flags, float width) { draw([&] { ImGui::TableSetupColumn(label, flags, width); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_freeze(int32_t columns, int32_t rows) { draw([&] { ImGui::TableSetupScrollFreeze(columns, rows); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_headers(void) { draw([] { ImGui::TableHeadersRow(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_next_row(float height) { draw([&] { ImGui::TableNextRow(0, height); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_next_column(void) { draw([] { ImGui::TableNextColumn(); }); }

/* The last item, mouse and keyboard */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_item_hovered(int32_t flags) { return ask([&] { return ImGui::IsItemHovered(flags); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_item_active(void) { return ask([] { return ImGui::IsItemActive(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_item_edited(void) { return ask([] { return ImGui::IsItemDeactivatedAfterEdit(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_item_released(void) { return ask([] { return ImGui::IsItemDeactivated(); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_item_clicked(int32_t button) { return ask([&] { return ImGui::IsItemClicked(button); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_item_box(float* box)
{
    draw([&] {
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        box[0] = low.x, box[1] = low.y, box[2] = high.x, box[3] = high.y;
    });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_allow_overlap(void) { draw([] { ImGui::SetItemAllowOverlap(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_focus_next(void) { draw([] { ImGui::SetKeyboardFocusHere(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_mouse(float* at)
{
    draw([&] {
        const ImVec2 p = ImGui::GetMousePos();
        at[0] = p.x, at[1] = p.y;
    });
}
SAMMED2D_GUI_EXPORT void sammed2d_gui_wheel(float* steps)
{
    draw([&] {
        steps[0] = ImGui::GetIO().MouseWheelH;
        steps[1] = ImGui::GetIO().MouseWheel;
    });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_mouse_clicked(int32_t button) { return ask([&] { return ImGui::IsMouseClicked(button); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_mouse_double_clicked(int32_t button) { return ask([&] { return ImGui::IsMouseDoubleClicked(button); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_mouse_down(int32_t button) { return ask([&] { return ImGui::IsMouseDown(button); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_mouse_released(int32_t button) { return ask([&] { return ImGui::IsMouseReleased(button); }); }
/* 1 shift, 2 control, 4 alt, 8 super */
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_modifiers(void)
{
    return widget(0, [] {
        const ImGuiIO& io = ImGui::GetIO();
        return (io.KeyShift ? 1 : 0) | (io.KeyCtrl ? 2 : 0) | (io.KeyAlt ? 4 : 0) | (io.KeySuper ? 8 : 0);
    });
}
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_key_pressed(int32_t key) { return ask([&] { return ImGui::IsKeyPressed(key, true); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_wants_text(void) { return ask([] { return ImGui::GetIO().WantTextInput; }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_is_any_item_active(void) { return ask([] { return ImGui::IsAnyItemActive(); }); }
SAMMED2D_GUI_EXPORT void sammed2d_gui_set_mouse_cursor(int32_t shape) { draw([&] { ImGui::SetMouseCursor(shape); }); }
SAMMED2D_GUI_EXPORT int32_t sammed2d_gui_mouse_cursor(void) { return widget(0, [] { return static_cast<int32_t>(ImGui::GetMouseCursor()); }); }
