using RlhfV.Models;

namespace RlhfV.ML.Captioning;

/// <summary>What one row asks.</summary>
/// <param name="Row">Number of the row, the first being 1; null where rows are not numbered.</param>
/// <param name="Question">The question; empty for the default one.</param>
/// <param name="Image">The picture; null when the row has none.</param>
/// <param name="MoreImages">The pictures behind the first as JSON; empty for none.</param>
internal readonly record struct CaptionRequest(long? Row, string Question, ImageSource? Image, string MoreImages = "");
