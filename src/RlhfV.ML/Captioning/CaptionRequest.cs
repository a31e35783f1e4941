using RlhfV.Models;
using RlhfV.Models.Images;

namespace RlhfV.ML.Captioning;

/// <summary>What one row asks.</summary>
/// <param name="Row">Number of the row, the first being 1; null where rows are not numbered.</param>
/// <param name="Question">The question; empty for the default one.</param>
/// <param name="Image">The picture; null when the row has none.</param>
/// <param name="MoreImages">The pictures behind the first as JSON; empty for none.</param>
/// <param name="Problem">Why the picture cannot be used; null when it can, as far as is known.</param>
internal readonly record struct CaptionRequest(
    long? Row, string Question, ImageSource? Image, string MoreImages = "", ImageFormatException? Problem = null)
{
    /// <summary>Reads the picture. One that cannot be read is the row's problem, not that of its batch.</summary>
    public static CaptionRequest Read(long? row, string question, Func<ImageSource?> image, string moreImages = "")
    {
        try
        {
            return new CaptionRequest(row, question, image(), moreImages);
        }
        catch (ImageFormatException problem)
        {
            return new CaptionRequest(row, question, null, moreImages, problem);
        }
    }
}
