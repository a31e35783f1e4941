using System.ComponentModel.DataAnnotations;

namespace RlhfV.ML;

/// <summary>Checks options so that all mistakes are told at once.</summary>
internal static class OptionsCheck
{
    /// <summary>What the annotations of an options object complain about, and names of columns that are optional but empty.</summary>
    public static List<string> Annotations(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return
        [
            .. results.Select(result => result.ErrorMessage!),
            .. from property in options.GetType().GetProperties()
               where property.Name.EndsWith("ColumnName", StringComparison.Ordinal) && !property.IsDefined(typeof(RequiredAttribute), inherit: true)
               where property.GetValue(options) is string name && string.IsNullOrWhiteSpace(name)
               select $"{property.Name} is empty; expected a column or null.",
        ];
    }

    /// <summary>Adds what a part of the options complains about when it checks itself.</summary>
    public static void Add(List<string> mistakes, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException problem)
        {
            // The options object around names the argument; the part's own name would stand in the middle of the message.
            string name = $" (Parameter '{problem.ParamName}')";
            mistakes.Add(problem.Message.EndsWith(name, StringComparison.Ordinal) ? problem.Message[..^name.Length] : problem.Message);
        }
    }

    /// <exception cref="ArgumentException">There is a mistake; the message lists all of them.</exception>
    public static void ThrowIfAny(List<string> mistakes, string type, string parameter)
    {
        if (mistakes.Count > 0)
            throw new ArgumentException($"{type} cannot be used: {string.Join(" ", mistakes)}", parameter);
    }
}
