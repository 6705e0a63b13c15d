// Puts one layer behind what is there already; colours come in plain, or PREMULTIPLIED, and leave times their opacity.
layout(binding = 0) uniform sampler2D layer;
out vec4 result;

void main()
{
    vec4 color = texelFetch(layer, ivec2(gl_FragCoord.xy), 0);
#ifndef PREMULTIPLIED
    color.rgb *= color.a;
#endif
    result = color;
}
