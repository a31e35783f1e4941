namespace RlhfV.Evaluation;

/// <summary>The score interval of a proportion (Wilson, JASA 22, 1927).</summary>
internal static class Wilson
{
    public static ConfidenceInterval Interval(long count, long total, double confidence)
    {
        double z = Quantile(confidence);
        double share = (double)count / total;
        double scale = 1 + z * z / total;
        double centre = (share + z * z / (2 * total)) / scale;
        double half = z / scale * Math.Sqrt(share * (1 - share) / total + z * z / (4.0 * total * total));
        return new(count == 0 ? 0 : centre - half, count == total ? 1 : centre + half);
    }

    /// <summary>How many standard deviations to both sides hold so large a part of the normal distribution.</summary>
    public static double Quantile(double confidence) => NormalQuantile(0.5 + confidence / 2);

    /// <summary>Inverse of the normal distribution for probabilities from one half to one, by bisection of its integral.</summary>
    private static double NormalQuantile(double probability)
    {
        double low = 0;
        double high = 12;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = UpperTail(middle) > 1 - probability ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Upper tail of the normal distribution: Simpson's rule over the density, error below 1e-12.</summary>
    private static double UpperTail(double z)
    {
        const int Steps = 512;
        double width = z / Steps;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            int weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            double x = i * width;
            sum += weight * Math.Exp(-x * x / 2);
        }

        return 0.5 - sum * width / 3 / Math.Sqrt(2 * Math.PI);
    }
}
