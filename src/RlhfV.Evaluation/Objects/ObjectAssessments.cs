using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>Object scores in the form that reports take: hallucinated mentions become segments of the type object.</summary>
internal static class ObjectAssessments
{
    public static ResponseAssessment Of(ObjectScore score, PreferenceImage? image) => new()
    {
        Id = score.Answer.ImageId,
        Prompt = score.Answer.Question,
        Image = image,
        Response = score.Response,
        Segments =
        [
            .. score.Hallucinated.Where(mention => !mention.Span.IsEmpty) // A judge may name what the response calls otherwise.
                .Select(mention => new HallucinatedSegment(mention.Span, HallucinationType.Object)),
        ],
        IsHallucinated = score.IsHallucinated,
        Mentions = score.Mentions.Count,
        HallucinatedMentions = score.Hallucinated.Count(),
        ObjectsPresent = score.Truth.Count,
        ObjectsFound = score.CorrectClasses,
    };
}
