using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RlhfV.Extensions.AI;

/// <summary>A range that names the value found beside the one expected, which the framework's range attribute does not.</summary>
/// <param name="least">Smallest value.</param>
/// <param name="most">Largest value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExpectedAttribute(double least, double most) : ValidationAttribute
{
    public double Least => least;

    public double Most => most;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null)
            return ValidationResult.Success;
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return number >= least && number <= most
            ? ValidationResult.Success
            : new ValidationResult(
                string.Create(CultureInfo.InvariantCulture, $"{validationContext.DisplayName} is {value}; expected {least} to {most}."),
                validationContext.MemberName is { } member ? [member] : null);
    }
}
