namespace RlhfV.ML.Saving;

/// <summary>Private columns of a saved transformer; they exist between its parts only and are dropped at its end.</summary>
internal static class CarrierColumns
{
    public const string Blank = "__rlhfv_blank";
    public const string Manifest = "__rlhfv_manifest";
    public const string Image = "__rlhfv_image";
    public const string Prompt = "__rlhfv_prompt";
    public const string Answer = "__rlhfv_answer";
}
