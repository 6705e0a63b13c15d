using SamMed2D.Core.Geometry;

namespace SamMed2D.Training.Examples;

/// <summary>
/// Divides an unlabelled scan into regions of similar intensity, as targets to learn edges from (Felzenszwalb and Huttenlocher, Efficient
/// graph-based image segmentation, IJCV 2004, on the voxel grid with six neighbours). The same region in neighbouring slices has the same
/// number, so pairs for propagation come for free.
/// </summary>
internal static class Supervoxels
{
    private const int Levels = 256;

    /// <summary>Divides a scan.</summary>
    /// <param name="intensities">The voxels.</param>
    /// <param name="geometry">Their grid.</param>
    /// <param name="coarseness">The paper's k over the intensity range: larger gives larger regions.</param>
    /// <returns>Region numbers from 1; voxels of regions too small to be a target are 0, as is the darkest, largest one (air).</returns>
    public static ushort[] Divide(float[] intensities, VolumeGeometry geometry, float coarseness)
    {
        byte[] levels = Quantise(Smooth(intensities, geometry));
        int count = levels.Length;
        (int nx, int ny, int nz) = (geometry.SizeI, geometry.SizeJ, geometry.SizeK);
        int[] parent = new int[count], size = new int[count];
        float[] limit = new float[count];
        float k = coarseness * Levels * 12;
        for (int n = 0; n < count; n++) (parent[n], size[n], limit[n]) = (n, 1, k);

        foreach (int edge in SortEdges(levels, nx, ny, nz))
        {
            (int a, int b) = EndsOf(edge, nx, ny);
            int difference = Math.Abs(levels[a] - levels[b]);
            int rootA = Find(parent, a), rootB = Find(parent, b);
            if (rootA == rootB || difference > limit[rootA] || difference > limit[rootB]) continue;
            if (size[rootA] < size[rootB]) (rootA, rootB) = (rootB, rootA);
            parent[rootB] = rootA;
            size[rootA] += size[rootB];
            limit[rootA] = difference + k / size[rootA];
        }
        return NumberRegions(parent, size, levels);
    }

    private static float[] Smooth(float[] voxels, VolumeGeometry geometry)
    {
        // [1 2 1]/4 along the two axes of the slices, where scans are finest; enough to keep single noisy voxels from splitting regions.
        (int nx, int ny) = (geometry.SizeI, geometry.SizeJ);
        float[] once = new float[voxels.Length], twice = new float[voxels.Length];
        for (int n = 0; n < voxels.Length; n++)
        {
            int x = n % nx;
            once[n] = 0.5f * voxels[n] + 0.25f * (voxels[x > 0 ? n - 1 : n] + voxels[x < nx - 1 ? n + 1 : n]);
        }
        for (int n = 0; n < voxels.Length; n++)
        {
            int y = n / nx % ny;
            twice[n] = 0.5f * once[n] + 0.25f * (once[y > 0 ? n - nx : n] + once[y < ny - 1 ? n + nx : n]);
        }
        return twice;
    }

    /// <summary>Intensities as levels of equal share, so that edges count alike in scans of any unit.</summary>
    private static byte[] Quantise(float[] voxels)
    {
        float[] sample = new float[Math.Min(voxels.Length, 65536)];
        for (int n = 0; n < sample.Length; n++) sample[n] = voxels[(long)n * voxels.Length / sample.Length];
        Array.Sort(sample);
        float low = sample[sample.Length / 100], high = sample[sample.Length * 199 / 200];
        float scale = high > low ? (Levels - 1) / (high - low) : 0;
        byte[] levels = new byte[voxels.Length];
        for (int n = 0; n < voxels.Length; n++) levels[n] = (byte)Math.Clamp((voxels[n] - low) * scale, 0, Levels - 1);
        return levels;
    }

    /// <summary>All edges by rising difference (counting sort). An edge is 3·voxel + axis, from the voxel to its next one along the axis.</summary>
    private static int[] SortEdges(byte[] levels, int nx, int ny, int nz)
    {
        int[] start = new int[Levels + 1];
        Edges places = new(levels, nx, ny, nz);
        while (places.MoveNext()) start[places.Difference + 1]++;
        for (int n = 0; n < Levels; n++) start[n + 1] += start[n];
        int[] edges = new int[start[Levels]];
        places = new(levels, nx, ny, nz);
        while (places.MoveNext()) edges[start[places.Difference]++] = places.Edge;
        return edges;
    }

    /// <summary>Walks over the edges of a grid in the order of the voxels.</summary>
    private struct Edges(byte[] levels, int nx, int ny, int nz)
    {
        private int _x = 0, _y = 0, _z = 0;

        public int Edge { get; private set; } = -1;

        public int Difference { get; private set; } = 0;

        public bool MoveNext()
        {
            while (true)
            {
                Edge++;
                int voxel = Edge / 3, axis = Edge - 3 * voxel;
                if (axis == 0 && Edge > 0 && ++_x == nx)
                {
                    _x = 0;
                    if (++_y == ny) (_y, _z) = (0, _z + 1);
                }
                if (voxel >= levels.Length) return false;
                bool exists = axis switch { 0 => _x < nx - 1, 1 => _y < ny - 1, _ => _z < nz - 1 };
                if (!exists) continue;
                Difference = Math.Abs(levels[voxel] - levels[voxel + (axis switch { 0 => 1, 1 => nx, _ => nx * ny })]);
                return true;
            }
        }
    }

    private static (int A, int B) EndsOf(int edge, int nx, int ny)
    {
        int voxel = edge / 3;
        return (voxel, voxel + (edge % 3) switch { 0 => 1, 1 => nx, _ => nx * ny });
    }

    private static int Find(int[] parent, int n)
    {
        while (parent[n] != n) n = parent[n] = parent[parent[n]];
        return n;
    }

    private static ushort[] NumberRegions(int[] parent, int[] size, byte[] levels)
    {
        int smallest = 60, air = -1;
        for (int n = 0; n < parent.Length; n++)
            if (parent[n] == n && levels[n] < Levels / 10 && (air < 0 || size[n] > size[air])) air = n;
        ushort[] number = new ushort[parent.Length], result = new ushort[parent.Length];
        int next = 1;
        for (int n = 0; n < parent.Length; n++)
        {
            int root = Find(parent, n);
            if (size[root] < smallest || root == air) continue;
            // Past 65535 regions numbers come again, far away in the scan.
            if (number[root] == 0) number[root] = (ushort)(1 + next++ % ushort.MaxValue);
            result[n] = number[root];
        }
        return result;
    }
}
