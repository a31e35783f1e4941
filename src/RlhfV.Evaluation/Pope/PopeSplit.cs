namespace RlhfV.Evaluation;

/// <summary>How the absent objects that POPE asks about are chosen.</summary>
public enum PopeSplit
{
    /// <summary>Any absent object, by chance.</summary>
    Random,

    /// <summary>The absent object that most pictures show.</summary>
    Popular,

    /// <summary>The absent object that is most often seen together with the present one asked about before.</summary>
    Adversarial,
}
