using System.ComponentModel.DataAnnotations;

namespace RlhfV.ML;

/// <summary>
/// Which columns hold answers and what was found wrong with them. The defaults measure the rejected answers of preference data by what the
/// annotators corrected. A name that is null stands for the usual column where the data has it, or for none where no usual one is told.
/// </summary>
public sealed class HallucinationColumnNames
{
    /// <summary>The text column of answers.</summary>
    /// <value>The default is "Rejected".</value>
    [Required]
    public string ResponseColumnName { get; set; } = "Rejected";

    /// <summary>
    /// The text column of what is wrong: JSON, a list of <see cref="Preferences.CorrectedSegment"/> whose rejected sides lie in the answer. Empty for a
    /// faithful answer, or where <see cref="ChosenColumnName"/> tells the corrected answer, from which a diff then finds what was wrong. Segments that only add something mark nothing wrong and are not counted.
    /// </summary>
    /// <value>The default is "Segments".</value>
    [Required]
    public string SegmentsColumnName { get; set; } = "Segments";

    /// <summary>
    /// The text column of corrected answers. Where nobody marked segments, the words that differ from it count as hallucinated, of type
    /// <see cref="Preferences.HallucinationType.Other"/>.
    /// </summary>
    /// <value>The default is null: "Chosen" where the data has it and <see cref="ResponseColumnName"/> is "Rejected", else none.</value>
    public string? ChosenColumnName { get; set; }

    /// <summary>The text column of questions.</summary>
    /// <value>The default is null: "Prompt" where the data has it.</value>
    public string? PromptColumnName { get; set; }

    /// <summary>The text column of identifiers. Where it is empty or there is none, the row's number is taken.</summary>
    /// <value>The default is null: "Id" where the data has it.</value>
    public string? IdColumnName { get; set; }

    /// <summary>The column of checked mentions, <see cref="int"/>.</summary>
    /// <value>The default is null: mentions were not counted.</value>
    public string? MentionsColumnName { get; set; }

    /// <summary>The column of objects in the picture, <see cref="int"/>; goes with <see cref="ObjectsFoundColumnName"/>.</summary>
    /// <value>The default is null: recall is not measured.</value>
    public string? ObjectsPresentColumnName { get; set; }

    /// <summary>The column of those objects that the answer names, <see cref="int"/>.</summary>
    /// <value>The default is null: recall is not measured.</value>
    public string? ObjectsFoundColumnName { get; set; }

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more names are wrong; the message lists all of them.</exception>
    internal HallucinationColumnNames Checked(string parameter)
    {
        List<string> mistakes = OptionsCheck.Annotations(this);
        if (ObjectsPresentColumnName is null != ObjectsFoundColumnName is null)
            mistakes.Add($"Only one of {nameof(ObjectsPresentColumnName)} and {nameof(ObjectsFoundColumnName)} is named; name both or neither.");
        OptionsCheck.ThrowIfAny(mistakes, nameof(HallucinationColumnNames), parameter);
        return (HallucinationColumnNames)MemberwiseClone();
    }
}
