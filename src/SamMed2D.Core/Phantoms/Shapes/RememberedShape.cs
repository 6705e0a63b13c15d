namespace SamMed2D.Core.Phantoms.Shapes;

/// <summary>
/// A body that remembers its last distances, for elaborate ones that several parts are cut from: parts are painted one after the other over the
/// same points. Each thread has one small table for all bodies; what falls out of it is computed again, so results never change.
/// </summary>
internal sealed class RememberedShape(Shape shape) : Shape
{
    private const int TableBits = 17;
    private static int s_count;

    [ThreadStatic]
    private static Entry[]? t_table;

    private readonly int _id = Interlocked.Increment(ref s_count);

    public override Bounds Bounds => shape.Bounds;

    public override double Distance(double x, double y, double z)
    {
        t_table ??= new Entry[1 << TableBits];
        ulong key = BitConverter.DoubleToUInt64Bits(x) * 0x9E3779B97F4A7C15UL ^ BitConverter.DoubleToUInt64Bits(y) * 0xC2B2AE3D27D4EB4FUL
            ^ BitConverter.DoubleToUInt64Bits(z) * 0x165667B19E3779F9UL ^ (ulong)_id * 0xD6E8FEB86659FD93UL;
        ref Entry entry = ref t_table[(int)((key * 0x9E3779B97F4A7C15UL) >> (64 - TableBits))];
        if (entry.Id == _id && entry.X == x && entry.Y == y && entry.Z == z) return entry.Distance;
        double distance = shape.Distance(x, y, z);
        entry = new() { Id = _id, X = x, Y = y, Z = z, Distance = distance };
        return distance;
    }

    private struct Entry
    {
        public int Id;
        public double X, Y, Z, Distance;
    }
}
