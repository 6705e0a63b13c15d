// What surfaces and slices in space share: cutting, and the choice of one layer of several.
in vec3 rasPosition;
in vec3 rasNormal;
uniform int clipCount;
uniform vec4 clips[8];     // normal and offset: kept where dot(normal, p) + offset ≥ 0
uniform bool isPeeling;
layout(binding = 4) uniform sampler2D nearerDepth;
out vec4 result;

void discardHidden(bool isCut)
{
    for (int n = 0; isCut && n < clipCount; n++)
        if (dot(clips[n].xyz, rasPosition) + clips[n].w < 0.0) discard;
    if (isPeeling && gl_FragCoord.z <= texelFetch(nearerDepth, ivec2(gl_FragCoord.xy), 0).r) discard;
}
