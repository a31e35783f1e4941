namespace RlhfV.Models.Images;

/// <summary>How levels become values.</summary>
/// <param name="Rescale">What levels are multiplied with; null to keep them.</param>
/// <param name="Mean">What is subtracted per channel; null not to normalise.</param>
/// <param name="Std">What is divided by per channel; null not to normalise.</param>
internal readonly record struct PixelLevels(double? Rescale, IReadOnlyList<double>? Mean, IReadOnlyList<double>? Std);
