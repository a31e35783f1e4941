using System.ComponentModel.DataAnnotations;

namespace RlhfV.Training;

/// <summary>Finds all mistakes in options before any of them is reported.</summary>
internal static class OptionsChecks
{
    /// <summary>What the data annotations object to.</summary>
    public static List<string> Annotations(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => $"{result.ErrorMessage} Found: {Found(options, result)}.")];
    }

    /// <summary>Throws when there are mistakes.</summary>
    /// <exception cref="ArgumentException">Lists all of them.</exception>
    public static void ThrowIfAny(IReadOnlyList<string> mistakes, string type)
    {
        if (mistakes.Count > 0)
        {
            throw new ArgumentException($"The {type} are not valid:{string.Concat(mistakes.Select(m => $"{Environment.NewLine}- {m}"))}",
                "options");
        }
    }

    private static string Found(object options, ValidationResult result) => string.Join(", ", result.MemberNames.Select(name =>
        Convert.ToString(options.GetType().GetProperty(name)?.GetValue(options), System.Globalization.CultureInfo.InvariantCulture)));
}
