namespace RlhfV.Evaluation;

/// <summary>
/// Counts per item: one row for each answer (or pair of answers), one column for each quantity. Every figure of this package is a function
/// of column sums, so one set of resampled sums yields the intervals of all of them.
/// </summary>
internal sealed class ItemTable(int rows, int columns)
{
    private readonly double[] _cells = new double[rows * columns];

    public int Rows => rows;

    public int Columns => columns;

    public Span<double> Row(int row) => _cells.AsSpan(row * columns, columns);

    public double[] Sums()
    {
        double[] sums = new double[columns];
        for (int row = 0; row < rows; row++)
        {
            Add(Row(row), sums);
        }

        return sums;
    }

    /// <summary>Column sums of resampled rows, one array of <see cref="Columns"/> sums for each resample.</summary>
    public double[][] Resample(BootstrapOptions options)
    {
        var random = new SplitMix64(options.Seed);
        double[][] resamples = new double[options.Resamples][];
        for (int r = 0; r < resamples.Length; r++)
        {
            double[] sums = resamples[r] = new double[columns];
            for (int draw = 0; draw < rows; draw++)
            {
                Add(Row(random.Next(rows)), sums);
            }
        }

        return resamples;
    }

    private static void Add(ReadOnlySpan<double> row, Span<double> sums)
    {
        int width = System.Numerics.Vector<double>.Count;
        int i = 0;
        for (; i <= row.Length - width; i += width)
        {
            var sum = new System.Numerics.Vector<double>(sums[i..]) + new System.Numerics.Vector<double>(row[i..]);
            sum.CopyTo(sums[i..]);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += row[i];
        }
    }
}
