// The picture at last: what was gathered, over the background.
layout(binding = 0) uniform sampler2D gathered;
uniform vec3 top, bottom;
uniform vec2 size;
out vec4 result;

void main()
{
    vec4 front = textureLod(gathered, gl_FragCoord.xy / size, 0.0);
    result = vec4(front.rgb + mix(top, bottom, gl_FragCoord.y / size.y) * (1.0 - front.a), 1.0);
}
