//SOURCES dev/genpt/cli/Progress.java
//SOURCES dev/genpt/cli/package-info.java
//SOURCES dev/genpt/project/Checkout.java
//SOURCES dev/genpt/project/SourceList.java
//SOURCES dev/genpt/project/package-info.java
//SOURCES dev/genpt/toy/ToyFormat.java
//SOURCES dev/genpt/toy/package-info.java
