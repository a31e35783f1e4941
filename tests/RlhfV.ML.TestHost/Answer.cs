namespace RlhfV.ML.TestHost;

internal sealed class Answer
{
    public string Reply { get; set; } = "";
}
