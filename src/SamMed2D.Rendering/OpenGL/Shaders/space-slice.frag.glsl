uniform mat4 rasToVolume, rasToLabel;
uniform float fillOpacity, opacity;

void main()
{
    discardHidden(false);
    vec3 color = vec3(greyAt((rasToVolume * vec4(rasPosition, 1.0)).xyz));
    if (hasLabels)
    {
        vec4 look = colorOf(labelAt((rasToLabel * vec4(rasPosition, 1.0)).xyz));
        color = mix(color, look.rgb, look.a * fillOpacity);
    }
    result = vec4(color, opacity);
}
