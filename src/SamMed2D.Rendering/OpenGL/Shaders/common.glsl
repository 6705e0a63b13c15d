// Put before every fragment shader: what several of them share.

struct Material { float ambient; float diffuse; float specular; float power; };

// One light at the eye: Phong's model as in the CPU reference.
vec3 shade(vec3 color, vec3 normal, vec3 sight, Material material)
{
    float cosine = abs(dot(normal, sight));
    return color * (material.ambient + material.diffuse * cosine) + vec3(material.specular * pow(cosine, material.power));
}

// The distance along the line of sight that a depth stands for.
float eyeDistance(float depth, vec2 nearFar, bool isParallel)
{
    float ndc = depth * 2.0 - 1.0;
    float near = nearFar.x, far = nearFar.y;
    return isParallel ? near + depth * (far - near) : 2.0 * near * far / (far + near - ndc * (far - near));
}
