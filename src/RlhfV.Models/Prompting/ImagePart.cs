namespace RlhfV.Models;

/// <summary>A picture in a turn.</summary>
/// <param name="Image">Where the picture comes from.</param>
public sealed record ImagePart(ImageSource Image) : PromptPart;
