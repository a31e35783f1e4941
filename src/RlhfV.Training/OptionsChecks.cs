using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace RlhfV.Training;

/// <summary>Finds all mistakes in options before any of them is reported.</summary>
internal static class OptionsChecks
{
    /// <summary>What the data annotations object to.</summary>
    public static List<string> Annotations(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.SelectMany(result => result.MemberNames.Select(name => Describe(options, name, result)))];
    }

    /// <summary>Throws when there are mistakes.</summary>
    /// <param name="mistakes">One sentence each.</param>
    /// <param name="type">What is wrong.</param>
    /// <param name="parameter">The argument that held it.</param>
    /// <exception cref="ArgumentException">Lists all of them.</exception>
    public static void ThrowIfAny(IReadOnlyList<string> mistakes, string type, string parameter = "options")
    {
        if (mistakes.Count > 0)
        {
            throw new ArgumentException($"{mistakes.Count} {(mistakes.Count == 1 ? "mistake" : "mistakes")} in {type}:{string.Concat(mistakes.Select(m => $"{Environment.NewLine}- {m}"))}", parameter);
        }
    }

    // The attributes' own texts say "between 0 exclusive and 1.7976931348623157E+308" where a person says "more than 0".
    private static string Describe(object options, string name, ValidationResult result)
    {
        PropertyInfo property = options.GetType().GetProperty(name)!;
        string found = Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture) ?? "null";
        string? expected = property.GetCustomAttribute<RangeAttribute>() is { } range ? Expected(range)
            : property.GetCustomAttribute<EnumDataTypeAttribute>() is { } names ? string.Join(" or ", Enum.GetNames(names.EnumType))
            : null;
        return expected is null ? $"{result.ErrorMessage} Found: {found}." : $"{name} is {found}; expected {expected}.";
    }

    private static string Expected(RangeAttribute range)
    {
        string least = Number(range.Minimum), most = Number(range.Maximum);
        string from = range.MinimumIsExclusive ? $"more than {least}" : $"at least {least}";
        return range.Maximum is int.MaxValue or long.MaxValue or double.MaxValue ? from
            : range is { MinimumIsExclusive: false, MaximumIsExclusive: false } ? $"{least} to {most}"
            : $"{from} and {(range.MaximumIsExclusive ? "less than" : "at most")} {most}";
    }

    private static string Number(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture)!;
}
