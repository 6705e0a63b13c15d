uniform vec3 eye, forward;
uniform bool isParallel;
uniform vec3 color;
uniform float opacity, silhouette;
uniform vec4 light; // ambient, diffuse, specular, power

void main()
{
    discardHidden(true);
    vec3 sight = isParallel ? forward : normalize(rasPosition - eye);
    vec3 normal = normalize(rasNormal);
    float rim = silhouette * (1.0 - smoothstep(0.15, 0.45, abs(dot(normal, sight))));
    vec3 shaded = shade(color, normal, sight, Material(light.x, light.y, light.z, light.w));
    result = vec4(mix(shaded, color * 0.15, rim), opacity + (1.0 - opacity) * rim);
}
