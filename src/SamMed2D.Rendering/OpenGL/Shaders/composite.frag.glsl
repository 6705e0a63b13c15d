// Puts one layer behind what is there already; colours come in plain and leave times their opacity.
layout(binding = 0) uniform sampler2D layer;
out vec4 result;

void main()
{
    vec4 color = texelFetch(layer, ivec2(gl_FragCoord.xy), 0);
    result = vec4(color.rgb * color.a, color.a);
}
