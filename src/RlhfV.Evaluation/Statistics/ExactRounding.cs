using System.Globalization;
using System.Numerics;

namespace RlhfV.Evaluation;

/// <summary>
/// Rounding as the published scripts round: the exact binary value to a number of decimals, halves to even.
/// <see cref="Math.Round(double, int)"/> scales first and differs in the last digit, and fixed-point formats round halves up.
/// </summary>
internal static class ExactRounding
{
    /// <summary>The value with so many decimals, as <c>%.Nf</c> prints it.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        // The value is mantissa * 2^exponent exactly; scaled by 10^decimals its quotient and remainder decide.
        long bits = BitConverter.DoubleToInt64Bits(value);
        int field = (int)(bits >> 52) & 0x7FF;
        long fraction = bits & 0xFFFFFFFFFFFFF;
        BigInteger mantissa = field == 0 ? fraction : fraction | 0x10000000000000;
        int exponent = Math.Max(field, 1) - 1075;
        BigInteger scaled = mantissa * BigInteger.Pow(10, decimals);
        BigInteger rounded;
        if (exponent >= 0)
        {
            rounded = scaled << exponent;
        }
        else
        {
            BigInteger unit = BigInteger.One << -exponent;
            rounded = BigInteger.DivRem(scaled, unit, out BigInteger rest);
            int half = (rest << 1).CompareTo(unit);
            rounded += half > 0 || half == 0 && !rounded.IsEven ? 1 : 0;
        }

        string digits = rounded.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string sign = bits < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>The value rounded to so many decimals.</summary>
    public static double Round(double value, int decimals) =>
        double.IsFinite(value) ? double.Parse(Fixed(value, decimals), CultureInfo.InvariantCulture) : value;
}
