namespace RlhfV.Evaluation.Tests;

public sealed class YesNoTests
{
    [Theory]
    [InlineData("Yes", true)]
    [InlineData("**No**", false)]
    [InlineData("NO!", false)]
    [InlineData("Yes, no doubt about it.", true)]
    [InlineData("There is a dog in the image.", true)]
    [InlineData("There isn\u2019t a dog in the image.", false)]
    [InlineData("There are no dogs.", false)]
    [InlineData("The answer is: no", false)]
    [InlineData("<answer>yes</answer>", true)]
    [InlineData("Nope", false)]
    [InlineData("", null)]
    [InlineData("...", null)]
    [InlineData("I cannot tell if there is no dog.", null)]
    [InlineData("A dog is visible", null)]
    [InlineData("It might be yes or no.", null)]
    [InlineData("Now there is a knot", null)]
    public void Read_Answer_ClearOnesOnly(string answer, bool? yes) => Assert.Equal(yes, YesNo.Read(answer));
}
